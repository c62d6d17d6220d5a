import { Assets } from '../src/platform/http/assets.js';
import { Messages } from '../src/platform/http/messages.js';
import { Views } from '../src/platform/http/views.js';

const views = new Views(new Messages(), new Assets());
const error = { title: 'errors.page.notFound.title', crumbs: [] };
const model = { ...error, lead: 'errors.page.notFound.lead', next: 'errors.page.notFound.next', status: 404 };

describe('views', () => {
  it('draw a page in its layout, in Vietnamese unless English is asked for', () => {
    const page = views.page({ url: '/nowhere' }, 'errors/error', { ...model, reference: 'AB' });
    expect(page).toContain('<html lang="vi" data-bs-theme="auto">');
    expect(page).toContain('<title>Không tìm thấy trang này · Thi Đua</title>');
    expect(page).toContain('<h1>Không tìm thấy trang này</h1>');
    expect(page).toContain('href="/nowhere?lang&#x3D;en"');
    const english = views.page({ url: '/nowhere', query: { lang: 'en' } }, 'errors/error', {
      ...model,
      reference: 'AB',
    });
    expect(english).toContain('<html lang="en"');
    expect(english).toContain('Reference: AB');
  });

  it('keep language and light in cookies', () => {
    const page = views.page({ url: '/', cookies: { lang: 'en', theme: 'dark' } }, 'errors/error', {
      ...model,
      reference: 'AB',
    });
    expect(page).toContain('<html lang="en" data-bs-theme="dark">');
  });

  it('escape what comes from outside, title and reference alike', () => {
    const page = views.page({ url: '/?q="><script>' }, 'errors/error', {
      ...model,
      title: '<script>alert(1)</script>',
      reference: '<b>',
    });
    expect(page).not.toContain('<script>alert');
    expect(page).toContain('&lt;b&gt;');
    expect(page).not.toContain('"><script>');
  });

  it('know the officer, what the officer may do and the form’s token', () => {
    const officer = {
      id: 7,
      name: 'Lê Thị Mẫu',
      organisation: 'UBND huyện Bù Đăng',
      roles: [{ role: 'reporter' }],
    };
    const page = views.page({ url: '/', officer, csrfToken: 'k3y' }, 'errors/error', {
      ...model,
      reference: 'AB',
    });
    expect(page).toContain('Lê Thị Mẫu');
    expect(page).toContain('Cán bộ báo cáo');
    expect(page).toContain('<input type="hidden" name="_csrf" value="k3y">');
  });
});
