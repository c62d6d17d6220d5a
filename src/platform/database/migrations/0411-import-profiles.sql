-- How files are read. "columns": for each of our fields the headers it is known under, compared without accents, case and
-- punctuation. "numbers": plain 50000, vi 50.000, en 50,000. "dates": iso, or dmy for 1/8/2022 9:30. A statement has title rows
-- above its header, repeats it on each page and ends with totals: "start" is found by its headers, "end" by the first words.
insert into import_profile (code, source_id, title_vi, title_en, body)
select 'portal', id, 'Tệp của Cổng dịch vụ công', 'Public-service portal feed', '{
  "kind": "feed", "numbers": "plain", "dates": "iso",
  "columns": {
    "source_ref": ["source_ref", "payment_id", "Mã giao dịch", "Số tham chiếu", "transaction id"],
    "dossier_code": ["dossier_code", "Mã hồ sơ"],
    "procedure_code": ["procedure_code", "service_code", "Mã thủ tục"],
    "unit_code": ["unit_code", "commune_code", "Mã đơn vị"],
    "national_id": ["national_id", "Số định danh", "CCCD", "Số CCCD"],
    "tax_code": ["tax_code", "Mã số thuế", "MST"],
    "full_name": ["full_name", "payer_name", "Họ và tên", "Tên người nộp"],
    "phone": ["phone", "Số điện thoại", "Điện thoại"],
    "amount": ["amount", "Số tiền"],
    "paid_at": ["paid_at", "Thời điểm thanh toán", "Ngày thanh toán"],
    "channel": ["channel", "Kênh", "Kênh thanh toán"],
    "method": ["method", "Phương thức", "Hình thức"],
    "bank_ref": ["bank_ref", "Mã tham chiếu ngân hàng"],
    "status": ["status", "Trạng thái"],
    "reverses": ["reverses", "Giao dịch gốc", "original_ref"]
  }}'::jsonb from payment_source where code = 'portal';
insert into import_profile (code, source_id, title_vi, title_en, body)
select 'vietcombank', id, 'Sao kê Vietcombank', 'Vietcombank statement', '{
  "kind": "statement", "numbers": "vi", "dates": "dmy", "channel": "VIETCOMBANK", "method": "transfer",
  "columns": {
    "paid_at": ["Ngày giao dịch", "TNX Date", "Ngày giao dịch / TNX Date"],
    "source_ref": ["Số tham chiếu", "Số CT", "Doc No", "Reference"],
    "debit": ["Số tiền ghi nợ", "Debit", "Ghi nợ"],
    "amount": ["Số tiền ghi có", "Credit", "Ghi có"],
    "description": ["Mô tả", "Nội dung chi tiết", "Transactions in detail", "Nội dung"]
  },
  "end": ["Tổng số", "Tổng cộng", "Số dư cuối kỳ", "Closing balance"],
  "extract": {
    "national_id": "(?<!\\d)(\\d{12})(?!\\d)",
    "phone": "(?<!\\d)((?:\\+?84|0)[35789]\\d{8})(?!\\d)",
    "dossier_code": "([A-Z]\\d{2}(?:\\.\\d{1,3}){1,3}-\\d{6}-\\d{4})",
    "procedure_code": "(?<![\\d.])(\\d\\.\\d{6})(?!\\d)"
  }}'::jsonb from payment_source where code = 'vietcombank';
insert into import_profile (code, source_id, title_vi, title_en, body)
select 'bidv', s.id, 'Sao kê BIDV', 'BIDV statement',
  jsonb_set(jsonb_set(jsonb_set(p.body, '{channel}', '"BIDV"'), '{end}', '["Cộng phát sinh", "Phát sinh trong kỳ", "Số dư cuối kỳ", "Tổng cộng"]'),
    '{columns}', '{
    "paid_at": ["Ngày HL", "Ngày hiệu lực", "Ngày giao dịch"],
    "source_ref": ["Mã GD", "Số CT", "Mã GD / Số CT", "Số tham chiếu"],
    "debit": ["Ghi nợ", "Phát sinh nợ", "Số tiền ghi nợ"],
    "amount": ["Ghi có", "Phát sinh có", "Số tiền ghi có"],
    "description": ["Nội dung", "Diễn giải", "Mô tả"]}')
from payment_source s, import_profile p where s.code = 'bidv' and p.code = 'vietcombank';
