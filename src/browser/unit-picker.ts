/** Offers units while a name or code is typed; the field works without it. */
interface Hit {
  readonly code: string;
  readonly fullName: string;
  readonly parentName: string | null;
}

for (const list of document.querySelectorAll<HTMLDataListElement>('[data-unit-picker]')) {
  const input = document.getElementById(list.dataset.unitPicker ?? '') as HTMLInputElement | null;
  const day = document.getElementById(list.dataset.day ?? '') as HTMLInputElement | null;
  let asked = 0;
  input?.addEventListener('input', () => {
    const mine = ++asked;
    setTimeout(() => void (mine === asked && offer(list, input.value, day?.value ?? '')), 150);
  });
}

async function offer(list: HTMLDataListElement, text: string, day: string): Promise<void> {
  if (text.trim().length < 2) return;
  const query = new URLSearchParams({ q: text, ...(day && { on: day }) });
  const answer = await fetch(`/api/v1/units?${query.toString()}`);
  if (!answer.ok) return;
  const { units } = (await answer.json()) as { units: Hit[] };
  list.replaceChildren(
    ...units.map(({ code, fullName, parentName }) => {
      const option = document.createElement('option');
      option.value = code;
      option.label = parentName ? `${fullName}, ${parentName} (${code})` : `${fullName} (${code})`;
      return option;
    }),
  );
}
