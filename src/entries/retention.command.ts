import { CommandFailed, say, type WithApp } from '../platform/command.js';
import { Clock } from '../platform/clock.js';
import { Promotions } from './promotions.service.js';
import { type Removal, Retention } from './retention.service.js';

/** `payments forget`: what is known of people goes, or is shown. */
export async function forgetPeople(withApp: WithApp, slug: string, remove: boolean): Promise<void> {
  await withApp(async (app) => {
    const promotion = await app.get(Promotions, { strict: false }).bySlug(slug);
    const removal = await app
      .get(Retention, { strict: false })
      .run(promotion.id, app.get(Clock, { strict: false }), remove);
    say(told(removal));
    if (removal.open.length > 0) throw new CommandFailed(`Nothing was removed: ${removal.open.join('; ')}.`);
    if (!removal.done)
      say(
        removal.first && isEmpty(removal)
          ? 'Nothing is left to remove.'
          : 'Nothing was removed. Run it again with --yes.',
      );
  });
}

const isEmpty = ({ remaining }: Removal) => Object.values(remaining).every((count) => count === 0);

function told({ ending, remaining, first, done }: Removal): string {
  const day = (at: Date) => at.toISOString().slice(0, 10);
  const before = first ? `Removed before: ${day(first.at)}, entry ${first.id} of the journal.\n` : '';
  const { people, references, setAside, contradictions, secrets, contacts, excluded, feeds, files } =
    remaining;
  return (
    `${before}Over since ${day(ending.overAt)}; kept ${ending.months} months (${ending.basis}), until ${day(ending.until)}.\n` +
    `${done ? 'Removed' : 'Would go'}: identity, name and telephone of ${people} people who won nothing; ` +
    `${references} dossier and bank references; ${setAside} rows set aside; ${contradictions} contradicting rows; ` +
    `the secrets of ${secrets} lists; ${contacts} contacts of objections; ${excluded} marks of excluded people; ${files + feeds} files.\n` +
    `${done ? 'Stayed' : 'Would stay'}: codes, lists, minutes, winners, the equation. Backups made before still hold what went.`
  );
}
