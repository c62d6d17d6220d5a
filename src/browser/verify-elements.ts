type Child = Node | string | undefined | false;

/** An element with its attributes and children. Text is only ever text: nothing of a bundle becomes markup. */
export function element<Tag extends keyof HTMLElementTagNameMap>(
  tag: Tag,
  attributes: Readonly<Record<string, string | boolean | undefined>> = {},
  ...children: readonly Child[]
): HTMLElementTagNameMap[Tag] {
  const made = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (value === true) made.setAttribute(name, '');
    else if (value !== undefined && value !== false) made.setAttribute(name, value);
  }
  made.append(
    ...children.filter(
      (child): child is Node | string => child !== undefined && child !== false && child !== '',
    ),
  );
  return made;
}

export function button(label: string, act: () => void, kind = ''): HTMLButtonElement {
  const made = element('button', { type: 'button', class: `btn ${kind}`.trim() }, label);
  made.addEventListener('click', act);
  return made;
}

/** A long hash that breaks where the screen ends and is copied whole. */
export const hash = (value: string): HTMLElement => element('code', { class: 'verify-hash' }, value || '–');
