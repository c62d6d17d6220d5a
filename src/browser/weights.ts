/** Sums of weights as they are typed: 12,5 and 12.5 alike. */
const form = document.querySelector<HTMLFormElement>('[data-weights]');
const total = Number(form?.dataset.weights ?? 100);
const written = new Intl.NumberFormat(document.documentElement.lang === 'en' ? 'en' : 'vi', {
  maximumFractionDigits: 4,
});

function sum(group: string): number {
  const inputs = form?.querySelectorAll<HTMLInputElement>(`input[data-group="${group}"]`) ?? [];
  const parts = [...inputs].map(({ value }) =>
    Math.round(Number(value.trim().replace(',', '.') || 0) * 10_000),
  );
  return parts.reduce((all, part) => all + part, 0) / 10_000;
}

function show(): void {
  for (const output of form?.querySelectorAll<HTMLOutputElement>('[data-sum]') ?? []) {
    const value = sum(output.dataset.sum ?? '');
    output.textContent = Number.isNaN(value) ? '–' : written.format(value);
    output.dataset.right = value === total ? 'yes' : 'no';
  }
}

// A published plan has nothing to type into: its sums stand as the server wrote them.
if (form?.querySelector('input[data-group]')) {
  form.addEventListener('input', show);
  show();
}
