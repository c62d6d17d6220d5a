-- Why a unit left a campaign stands beside the day it left; what the journal knows of earlier ones is taken over.
alter table participation add left_decision text, add left_reason text;
update participation p set left_decision = j.facts->>'decisionRef', left_reason = j.facts->>'reason'
  from campaign c, journal_entry j
 where c.id = p.campaign_id and p.left_on is not null and j.act = 'unit.left' and j.subject = 'campaign/' || c.slug
   and j.facts->>'unit' = p.unit_id::text;
