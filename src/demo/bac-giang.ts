/** Bắc Giang in 2022: its ten districts, and of each four communes, enough for the payments of the example. Lines as in binh-phuoc. */
export const BAC_GIANG = `
24|Tỉnh Bắc Giang|
213|Thành phố Bắc Giang|24
07201|Phường Thọ Xương|213
07210|Phường Hoàng Văn Thụ|213
07216|Phường Mỹ Độ|213
07228|Phường Đa Mai|213
215|Huyện Yên Thế|24
07243|Xã Đồng Tiến|215
07255|Xã Đồng Vương|215
07270|Xã Đồng Lạc|215
07285|Xã An Thượng|215
216|Huyện Tân Yên|24
07333|Xã Lam Cốt|216||2025-01-01
07306|Thị trấn Nhã Nam|216
07327|Xã Liên Sơn|216
07342|Xã Việt Ngọc|216
217|Huyện Lạng Giang|24
07375|Thị trấn Vôi|217
07387|Xã Hương Sơn|217
07399|Thị trấn Kép|217
07417|Xã Tân Hưng|217
218|Huyện Lục Nam|24
07444|Thị trấn Đồi Ngô|218
07462|Xã Bảo Đài|218
07483|Xã Cương Sơn|218
07498|Xã Yên Sơn|218
219|Huyện Lục Ngạn|24
07528|Xã Cấm Sơn|219
07543|Xã Hộ Đáp|219
07567|Xã Tân Hoa|219
07594|Xã Tân Lập|219
220|Huyện Sơn Động|24
07615|Thị trấn An Châu|220
07627|Xã Đại Sơn|220
07645|Xã An Lạc|220
07660|Xã An Bá|220
221|Huyện Yên Dũng|24||2025-01-01
07681|Thị trấn Nham Biền|221||2025-01-01
07702|Xã Quỳnh Sơn|221||2025-01-01
07717|Xã Tân Liễu|221||2025-01-01
07729|Xã Tiến Dũng|221||2025-01-01
222|Huyện Việt Yên|24||2024-02-01
07759|Xã Thượng Lan|222
07765|Xã Nghĩa Trung|222
07771|Xã Hương Mai|222
07786|Xã Tiên Sơn|222
223|Huyện Hiệp Hòa|24
07822|Xã Hoàng Vân|223
07846|Xã Lương Phong|223
07861|Xã Danh Thắng|223
07873|Xã Xuân Cẩm|223
`;
