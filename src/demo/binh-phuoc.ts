/**
 * Bình Phước as it was before the reform of 01/7/2025: 11 districts, 111 communes. A line is code|name|parent, then the
 * days it was so where these are not "until 30/6/2025"; the last day is not included. Chơn Thành became a town on 01/10/2022.
 */
export const BINH_PHUOC = `
70|Tỉnh Bình Phước|
688|Thị xã Phước Long|70
25216|Phường Thác Mơ|688
25217|Phường Long Thủy|688
25219|Phường Phước Bình|688
25220|Phường Long Phước|688
25237|Phường Sơn Giang|688
25245|Xã Long Giang|688
25249|Xã Phước Tín|688
689|Thành phố Đồng Xoài|70
25195|Phường Tân Phú|689
25198|Phường Tân Đồng|689
25201|Phường Tân Bình|689
25204|Phường Tân Xuân|689
25205|Phường Tân Thiện|689
25207|Xã Tân Thành|689
25210|Phường Tiến Thành|689
25213|Xã Tiến Hưng|689
690|Thị xã Bình Long|70
25320|Phường Hưng Chiến|690
25324|Phường An Lộc|690
25325|Phường Phú Thịnh|690
25326|Phường Phú Đức|690
25333|Xã Thanh Lương|690
25336|Xã Thanh Phú|690
691|Huyện Bù Gia Mập|70
25222|Xã Bù Gia Mập|691
25225|Xã Đak Ơ|691
25228|Xã Đức Hạnh|691
25229|Xã Phú Văn|691
25231|Xã Đa Kia|691
25232|Xã Phước Minh|691
25234|Xã Bình Thắng|691
25267|Xã Phú Nghĩa|691
692|Huyện Lộc Ninh|70
25270|Thị trấn Lộc Ninh|692
25273|Xã Lộc Hòa|692
25276|Xã Lộc An|692
25279|Xã Lộc Tấn|692
25280|Xã Lộc Thạnh|692
25282|Xã Lộc Hiệp|692
25285|Xã Lộc Thiện|692
25288|Xã Lộc Thuận|692
25291|Xã Lộc Quang|692
25292|Xã Lộc Phú|692
25294|Xã Lộc Thành|692
25297|Xã Lộc Thái|692
25300|Xã Lộc Điền|692
25303|Xã Lộc Hưng|692
25305|Xã Lộc Thịnh|692
25306|Xã Lộc Khánh|692
693|Huyện Bù Đốp|70
25308|Thị trấn Thanh Bình|693
25309|Xã Hưng Phước|693
25310|Xã Phước Thiện|693
25312|Xã Thiện Hưng|693
25315|Xã Thanh Hòa|693
25318|Xã Tân Thành|693
25321|Xã Tân Tiến|693
694|Huyện Hớn Quản|70
25327|Xã Thanh An|694
25330|Xã An Khương|694
25339|Xã An Phú|694
25342|Xã Tân Lợi|694
25345|Xã Tân Hưng|694
25348|Xã Minh Đức|694
25349|Xã Minh Tâm|694
25351|Xã Phước An|694
25354|Xã Thanh Bình|694
25357|Thị trấn Tân Khai|694
25360|Xã Đồng Nơ|694
25361|Xã Tân Hiệp|694
25438|Xã Tân Quan|694
695|Huyện Đồng Phú|70
25363|Thị trấn Tân Phú|695
25366|Xã Thuận Lợi|695
25369|Xã Đồng Tâm|695
25372|Xã Tân Phước|695
25375|Xã Tân Hưng|695
25378|Xã Tân Lợi|695
25381|Xã Tân Lập|695
25384|Xã Tân Hòa|695
25387|Xã Thuận Phú|695
25390|Xã Đồng Tiến|695
25393|Xã Tân Tiến|695
696|Huyện Bù Đăng|70
25396|Thị trấn Đức Phong|696
25398|Xã Đường 10|696
25399|Xã Đak Nhau|696
25400|Xã Phú Sơn|696
25402|Xã Thọ Sơn|696
25404|Xã Bình Minh|696
25405|Xã Bom Bo|696
25408|Xã Minh Hưng|696
25411|Xã Đoàn Kết|696
25414|Xã Đồng Nai|696
25417|Xã Đức Liễu|696
25420|Xã Thống Nhất|696
25423|Xã Nghĩa Trung|696
25424|Xã Nghĩa Bình|696
25426|Xã Đăng Hà|696
25429|Xã Phước Sơn|696
697|Huyện Chơn Thành|70||2022-10-01
697|Thị xã Chơn Thành|70|2022-10-01|2025-07-01
25432|Thị trấn Chơn Thành|697||2022-10-01
25432|Phường Hưng Long|697|2022-10-01|2025-07-01
25433|Xã Thành Tâm|697||2022-10-01
25433|Phường Thành Tâm|697|2022-10-01|2025-07-01
25435|Xã Minh Lập|697
25439|Xã Quang Minh|697
25441|Xã Minh Hưng|697||2022-10-01
25441|Phường Minh Hưng|697|2022-10-01|2025-07-01
25444|Xã Minh Long|697||2022-10-01
25444|Phường Minh Long|697|2022-10-01|2025-07-01
25447|Xã Minh Thành|697||2022-10-01
25447|Phường Minh Thành|697|2022-10-01|2025-07-01
25450|Xã Nha Bích|697
25453|Xã Minh Thắng|697
698|Huyện Phú Riềng|70
25240|Xã Long Bình|698
25243|Xã Bình Tân|698
25244|Xã Bình Sơn|698
25246|Xã Long Hưng|698
25250|Xã Phước Tân|698
25252|Xã Bù Nho|698
25255|Xã Long Hà|698
25258|Xã Long Tân|698
25261|Xã Phú Trung|698
25264|Xã Phú Riềng|698
`;
