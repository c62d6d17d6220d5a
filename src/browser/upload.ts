/** A file dropped anywhere on the field is taken, and the page shows how much of it is sent. */
for (const form of document.querySelectorAll<HTMLFormElement>('form[data-upload]')) {
  const input = form.querySelector<HTMLInputElement>('input[type="file"]')!;
  const zone = form.querySelector<HTMLElement>('[data-drop]')!;
  const shown = form.querySelector<HTMLElement>('[data-progress]')!;
  for (const name of ['dragover', 'dragenter'] as const)
    zone.addEventListener(name, (event) => {
      event.preventDefault();
      zone.dataset.over = 'yes';
    });
  zone.addEventListener('dragleave', () => delete zone.dataset.over);
  zone.addEventListener('drop', (event) => {
    event.preventDefault();
    delete zone.dataset.over;
    if (event.dataTransfer?.files.length) input.files = event.dataTransfer.files;
  });
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    send(form, shown);
  });
}

function send(form: HTMLFormElement, shown: HTMLElement): void {
  const request = new XMLHttpRequest();
  const bar = shown.querySelector('progress')!;
  shown.hidden = false;
  request.upload.addEventListener('progress', ({ loaded, total }) => {
    bar.value = (100 * loaded) / Math.max(1, total);
    shown.querySelector('span')!.textContent = `${Math.floor(bar.value)} %`;
  });
  request.addEventListener('load', () => {
    if (request.status < 400) location.assign(request.responseURL);
    else {
      document.open();
      document.write(request.responseText);
      document.close();
    }
  });
  request.open('POST', form.action);
  request.send(new FormData(form));
}
