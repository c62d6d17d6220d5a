-- The map of a campaign
-- ---------------------
--   campaign_map   outlines of units, drawn once from the GeoJSON its organiser uploaded: SVG paths by unit id, within a
--                  picture of width by height. The file itself is not kept; its digest is. Uploading again replaces it.

create table campaign_map (
  campaign_id integer primary key references campaign (id),
  file_name text not null,
  sha256 text not null check (sha256 ~ '^[0-9a-f]{64}$'),
  width integer not null check (width > 0),
  height integer not null check (height > 0),
  shapes jsonb not null check (jsonb_typeof(shapes) = 'object'),
  uploaded_at timestamptz not null,
  uploaded_by integer references officer (id)
);
create trigger campaign_map_tells after insert or update on campaign_map
  for each row execute function tell_of_rules();
