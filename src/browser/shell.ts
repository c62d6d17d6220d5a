/** What every page gains from a script; all of it works, more plainly, without one. */
document.documentElement.dataset.script = 'on';

for (const button of document.querySelectorAll('[data-print]'))
  button.addEventListener('click', () => print());

for (const button of document.querySelectorAll<HTMLButtonElement>('[data-copy]'))
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(button.dataset.copy ?? '');
    button.dataset.copied = 'yes';
  });

/** A menu closes when the reader goes on elsewhere or presses Escape. */
const menus = [...document.querySelectorAll<HTMLDetailsElement>('details.menu')];
document.addEventListener('click', ({ target }) => {
  for (const menu of menus) if (!menu.contains(target as Node)) menu.open = false;
});
document.addEventListener('keydown', ({ key }) => {
  if (key !== 'Escape') return;
  for (const menu of menus.filter(({ open }) => open)) {
    menu.open = false;
    menu.querySelector('summary')?.focus();
  }
});

/** What is wrong is read out first. */
document.querySelector<HTMLElement>('.findings-summary')?.focus();

/** A form is sent once, however often its button is pressed. */
for (const form of document.querySelectorAll<HTMLFormElement>('form[method="post"]'))
  form.addEventListener('submit', (event) => {
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = 'yes';
    setTimeout(() => delete form.dataset.sent, 4000);
  });

/** On paper everything is open. */
addEventListener('beforeprint', () => {
  for (const fold of document.querySelectorAll<HTMLDetailsElement>('main details')) fold.open = true;
});
