-- Rights name units and campaigns, whose tables come after the officers' own.
alter table role_grant
  add foreign key (unit_id) references unit (id),
  add foreign key (campaign_id) references campaign (id);
alter table invitation_grant
  add foreign key (unit_id) references unit (id),
  add foreign key (campaign_id) references campaign (id);
