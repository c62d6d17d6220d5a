-- Claims: how long a winner has, and the papers about prizes that nobody took.
alter table legal_parameter drop constraint legal_parameter_name_check;
alter table legal_parameter add constraint legal_parameter_name_check check (name in
  ('tax-threshold', 'tax-rate', 'award-days', 'report-days', 'budget-percent', 'certify-days', 'claim-days'));
insert into legal_parameter (name, valid_from, value, basis_vi, basis_en) values
  ('claim-days', '2018-07-15', 30, 'Thể lệ chương trình: thời hạn nhận giải tính từ ngày công bố kết quả',
    'Programme rules: time to claim a prize, from the publication of the result');

alter table paper drop constraint paper_kind_check;
alter table paper add constraint paper_kind_check check (kind in
  ('registration', 'rules', 'minutes', 'winners', 'hand-over', 'vacancy', 'report'));
