import { RequestMethod, type Type } from '@nestjs/common';
import { METHOD_METADATA, PATH_METADATA, ROUTE_ARGS_METADATA } from '@nestjs/common/constants';
import { RouteParamtypes } from '@nestjs/common/enums/route-paramtypes.enum';
import { MetadataScanner, ModulesContainer } from '@nestjs/core';
import { getMetadataStorage } from 'class-validator';
import { LEARNER, PERMIT, PUBLIC } from '../../src/platform/http/access';
import type { Permission } from '../../src/platform/http/permissions';
import type { Service } from './service';

/** A route with the rule its decorators give it; null = none, which the guard refuses to everyone. */
export interface Route {
  name: string;
  verb: string;
  path: string;
  access: Permission | 'signed-in' | 'learner' | 'public' | null;
  /** Names of the fields its body and its query may have; null = it reads none by a DTO. */
  body: string[] | null;
  query: string[] | null;
}

interface Layer {
  route?: { path: string; methods: Record<string, boolean> };
}

/** What the web server would really answer to, by name (`GET /u/:token`); middleware for every path left out. */
export function servedRoutes(service: Service): string[] {
  const express = service.app.getHttpAdapter().getInstance() as { router: { stack: Layer[] } };
  return express.router.stack.flatMap(({ route }) =>
    // Nest puts its middleware there.
    route && route.path !== '/{*path}'
      ? Object.keys(route.methods).map((verb) => `${verb.toUpperCase()} ${route.path}`)
      : [],
  );
}

/** The routes of all controllers, with what @Public, @Permit and @LearnerOnly say of each. */
export function declaredRoutes(service: Service): Route[] {
  const scanner = new MetadataScanner();
  return [...service.get(ModulesContainer).values()]
    .flatMap((module) => [...module.controllers.values()])
    .map(({ metatype }) => metatype as Type)
    .flatMap((controller) =>
      scanner
        .getAllMethodNames(controller.prototype as object)
        .filter((name) => Reflect.hasMetadata(PATH_METADATA, handlerOf(controller, name)))
        .flatMap((name) => basesOf(controller).map((base) => toRoute(controller, name, base))),
    );
}

/** A controller may stand under several paths. */
function basesOf(controller: Type): string[] {
  return [Reflect.getMetadata(PATH_METADATA, controller) as string | string[]].flat();
}

function handlerOf(controller: Type, name: string): object {
  return (controller.prototype as Record<string, object>)[name]!;
}

function toRoute(controller: Type, method: string, base: string): Route {
  const handler = handlerOf(controller, method);
  const of = <T>(key: string): T | undefined =>
    (Reflect.getMetadata(key, handler) ?? Reflect.getMetadata(key, controller)) as T | undefined;
  const path = `/${[base, Reflect.getMetadata(PATH_METADATA, handler) as string]
    .flatMap((part) => part.split('/'))
    .filter(Boolean)
    .join('/')}`;
  const verb = RequestMethod[Reflect.getMetadata(METHOD_METADATA, handler) as RequestMethod]!;
  const access =
    of<Permission | 'signed-in'>(PERMIT) ??
    (of(LEARNER) ? 'learner' : of(PUBLIC) ? 'public' : null);
  const body = fieldsOf(controller, method, RouteParamtypes.BODY);
  const query = fieldsOf(controller, method, RouteParamtypes.QUERY);
  return { name: `${verb} ${path}`, verb, path, access, body, query };
}

/** Fields of the class that the whole body, or the whole query, is checked against. */
function fieldsOf(controller: Type, method: string, kind: RouteParamtypes): string[] | null {
  const args = (Reflect.getMetadata(ROUTE_ARGS_METADATA, controller, method) ?? {}) as Record<
    string,
    { index: number; data?: unknown }
  >;
  const [, arg] =
    Object.entries(args).find(([key, { data }]) => key.startsWith(`${kind}:`) && !data) ?? [];
  if (!arg) return null;
  const types = Reflect.getMetadata('design:paramtypes', controller.prototype, method) as Type[];
  const faults = getMetadataStorage().getTargetValidationMetadatas(
    types[arg.index]!,
    '',
    true,
    false,
  );
  return [...new Set(faults.map(({ propertyName }) => propertyName))];
}
