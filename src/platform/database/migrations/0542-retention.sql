-- How long personal data are kept after a promotion is over.
alter table legal_parameter drop constraint legal_parameter_name_check;
alter table legal_parameter add constraint legal_parameter_name_check check (name in
  ('tax-threshold', 'tax-rate', 'award-days', 'report-days', 'budget-percent', 'certify-days', 'claim-days', 'retention-months'));
insert into legal_parameter (name, valid_from, value, basis_vi, basis_en) values
  ('retention-months', '2018-07-15', 12, 'Thể lệ chương trình: thời hạn lưu dữ liệu cá nhân sau khi chương trình kết thúc',
    'Programme rules: how long personal data are kept after the programme');
