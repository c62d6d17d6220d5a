import { startApp, type TestApp } from './support/app.js';
import { makeUnits } from './support/drive.js';

describe('units, looked up', () => {
  let app: TestApp;
  let unit: Record<string, number>;
  beforeAll(async () => {
    app = await startApp();
    unit = await makeUnits(app);
  });
  afterAll(() => app.close());

  it('are found without marks, by code, below a unit, and as of a day', async () => {
    const find = async (query: string) => {
      const { body } = await app.visitor().get(`/api/v1/units?${query}`).expect(200);
      return (body as { units: { fullName: string; parentName: string }[] }).units.map(
        ({ fullName, parentName }) => `${fullName} < ${parentName}`,
      );
    };
    expect(await find('q=tan tien&on=2022-06-01')).toEqual([
      'Xã Tân Tiến < Thành phố Đồng Xoài',
      'Xã Tân Tiến < Thị xã Phước Long',
    ]);
    expect(await find(`q=tân tiến&on=2022-06-01&under=${unit['688']}`)).toEqual([
      'Xã Tân Tiến < Thị xã Phước Long',
    ]);
    expect(await find('q=25217&on=2022-06-01')).toEqual(['Phường Long Thủy < Thị xã Phước Long']);
    expect(await find('q=long thuỷ&on=2022-06-01')).toHaveLength(1);
    expect(await find('q=tan tien&on=2021-06-01')).toEqual([]);
    expect(await find('q=%25&on=2022-06-01')).toEqual([]);
  });

  it('are read as a tree, level by level', async () => {
    const top = await app.visitor().get('/api/v1/units?on=2022-06-01').expect(200);
    expect(top.body.units).toMatchObject([{ code: '70', below: 4 }]);
    const below = await app.visitor().get(`/api/v1/units?on=2022-06-01&parent=${unit['688']}`).expect(200);
    expect((below.body.units as { code: string }[]).map(({ code }) => code)).toEqual([
      '25216',
      '25217',
      '25219',
    ]);
    await app.visitor().get('/api/v1/units?on=01/06/2022').expect(422);
    await app.visitor().get('/api/v1/units/999999').expect(404);
  });

  it('have pages in both languages', async () => {
    const page = await app.visitor().get('/units?q=phuoc+long&on=2022-06-01').expect(200);
    expect(page.text).toContain('Thị xã Phước Long');
    expect(
      (await app.visitor().get(`/units/${unit['688']}?lang=en&on=2022-06-01`).expect(200)).text,
    ).toContain('Names through time');
    expect((await app.visitor().get('/units?q=khong+co&on=2022-06-01').expect(200)).text).toContain(
      'Không có đơn vị',
    );
  });
});
