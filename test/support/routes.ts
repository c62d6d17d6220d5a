import 'reflect-metadata';
import { METHOD_METADATA, PATH_METADATA } from '@nestjs/common/constants.js';
import type { TestApp } from './app.js';

/** Every address the running application answers to GET, as its controllers name it: `/campaigns/:slug`. */
export function readingRoutes(app: TestApp): string[] {
  const { container } = app.nest as unknown as { container: Container };
  const routes = [...container.getModules().values()].flatMap(({ controllers }) =>
    [...controllers.values()].flatMap(({ metatype }) => routesOf(metatype)),
  );
  return [...new Set(routes)].sort();
}

interface Container {
  getModules(): Map<string, { controllers: Map<unknown, { metatype: new () => object }> }>;
}

function routesOf(controller: new () => object): string[] {
  const prefixes = [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
  const handlers = Object.getOwnPropertyNames(controller.prototype as object)
    .filter((name) => name !== 'constructor')
    .map((name) => (controller.prototype as Record<string, object>)[name]!)
    .filter((handler) => Reflect.getMetadata(METHOD_METADATA, handler) === 0);
  return handlers.flatMap((handler) =>
    [Reflect.getMetadata(PATH_METADATA, handler) as string | string[]]
      .flat()
      .flatMap((path) =>
        prefixes.map((prefix) => `/${prefix}/${path}`.replace(/\/+/g, '/').replace(/(.)\/$/, '$1')),
      ),
  );
}

/** The route an address belongs to; routes without parameters first. */
export function routeOf(path: string, routes: string[]): string | undefined {
  const exact = routes.find((route) => route === path);
  const pattern = (route: string) =>
    new RegExp(
      `^${route
        .replaceAll('.', '\\.')
        .replaceAll('*', '.*')
        .replace(/:\w+(\([^)]*\))?/g, '[^/]+')}$`,
    );
  return exact ?? routes.find((route) => pattern(route).test(path));
}
