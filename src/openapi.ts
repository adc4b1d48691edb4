import { STATUS_CODES } from 'node:http';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, SwaggerModule, type OpenAPIObject } from '@nestjs/swagger';
import { DEVELOPER, SCOPE_EXTENSION } from './access/scope';
import { Clock } from './database/clock';
import { errorAnswer, NOT_SIGNED_IN } from './http/api-errors';
import { EXAMPLE_USER_ID, exampleDates } from './http/api-examples';
import { INTRODUCTION, TAGS } from './openapi-text';
import { ProviderRegistry } from './providers/provider.registry';

type Operation = NonNullable<OpenAPIObject['paths'][string]['get']>;
type Examples = Record<string, string>;

const METHODS = ['get', 'put', 'post', 'delete', 'patch'] as const;

/** Any one of them is enough. */
const SIGNED_IN: Record<string, string[]>[] = [{ Developer: [] }, { Bearer: [] }];
const KEY_OR_SIGNED_IN: Record<string, string[]>[] = [
  { 'X-Open-Wearables-API-Key': [] },
  { 'X-API-Key': [] },
  ...SIGNED_IN,
];

/** The whole API document. @param today which the dates of the examples are made from */
export function buildOpenApi(app: NestFastifyApplication, { today }: { today: Date }): OpenAPIObject {
  return withExamples(describeApi(app), today, firstProvider(app));
}

/** The API page at `/docs` and its document at `/openapi.json`, both made when first asked for. */
export function serveDocs(app: NestFastifyApplication): void {
  const clock = app.get(Clock);
  SwaggerModule.setup('docs', app, () => describeApi(app), {
    jsonDocumentUrl: 'openapi.json',
    raw: ['json'],
    customSiteTitle: 'Vitalbase API',
    swaggerOptions: {
      persistAuthorization: true,
      tryItOutEnabled: true,
      displayRequestDuration: true,
      docExpansion: 'list',
      filter: true,
      defaultModelsExpandDepth: -1,
    },
    // At every request, so that the dates of a server that runs for weeks do not fall behind its data.
    patchDocumentOnRequest: (_request, _reply, document) =>
      withExamples(document, clock.now(), firstProvider(app)),
  });
}

function describeApi(app: NestFastifyApplication): OpenAPIObject {
  const builder = new DocumentBuilder()
    .setTitle('Vitalbase')
    .setDescription(INTRODUCTION.trim())
    .setVersion('1')
    .setLicense('MIT', 'https://opensource.org/license/mit')
    .addApiKey(
      {
        type: 'apiKey',
        in: 'header',
        name: 'X-Open-Wearables-API-Key',
        description: 'As Open Wearables names it',
      },
      'X-Open-Wearables-API-Key',
    )
    .addApiKey(
      { type: 'apiKey', in: 'header', name: 'X-API-Key', description: 'The same, shorter' },
      'X-API-Key',
    )
    .addBearerAuth(
      {
        type: 'http',
        scheme: 'bearer',
        description: 'An access token of `POST /api/v1/auth/login`, or an API key',
      },
      'Bearer',
    )
    .addOAuth2(
      {
        type: 'oauth2',
        description: 'Sign in as a developer: e-mail address and password. The client fields stay empty.',
        flows: { password: { tokenUrl: '/api/v1/auth/login', scopes: {} } },
      },
      'Developer',
    );
  for (const [name, description] of TAGS) builder.addTag(name, description);
  const document = SwaggerModule.createDocument(app, builder.build(), {
    operationIdFactory,
    autoTagControllers: false,
  });
  for (const operation of operationsOf(document)) {
    describeAccess(operation);
    describeAnswers(operation);
  }
  for (const [path, item] of Object.entries(document.paths)) {
    if (path.startsWith('/api/')) for (const operation of operationsAt(item)) describeLimit(operation);
    const { post, put, patch, delete: remove } = item;
    for (const operation of [post, put, patch, remove]) if (operation) describeBodyRefusals(operation);
  }
  return document;
}

/** `UsersController.list` → `usersList` */
const operationIdFactory = (controller: string, method: string) =>
  controller.replace(/Controller$/, '').replace(/^./, (first) => first.toLowerCase()) +
  method.replace(/^./, (first) => first.toUpperCase());

function describeAccess(operation: Operation & { [SCOPE_EXTENSION]?: string }): void {
  const scope = operation[SCOPE_EXTENSION];
  if (scope === undefined) return;
  const isForDevelopers = scope === DEVELOPER;
  operation.security = isForDevelopers ? SIGNED_IN : KEY_OR_SIGNED_IN;
  const who = isForDevelopers
    ? 'For developers who are signed in; no API key opens it.'
    : `Scope: \`${scope}\`.`;
  operation.description = [operation.description, who].filter(Boolean).join('\n\n');
  if (!isForDevelopers) return;
  operation.responses['401'] = { ...errorAnswer(401), description: NOT_SIGNED_IN };
  // Whoever is signed in may do everything.
  delete operation.responses['403'];
}

/** Where a body may be sent, it may be refused, also by an operation that reads none. */
function describeBodyRefusals({ responses }: Operation): void {
  for (const status of [413, 415] as const) responses[status] ??= errorAnswer(status);
}

const describeLimit = ({ responses }: Operation) => (responses[429] ??= errorAnswer(429));

/** Any operation may refuse a parameter, or fail; and a success without words of its own gets those of HTTP. */
function describeAnswers({ responses }: Operation): void {
  for (const status of [400, 500] as const) responses[status] ??= errorAnswer(status);
  for (const [status, answer] of Object.entries(responses)) {
    if (answer && 'description' in answer) answer.description ||= STATUS_CODES[status] ?? '';
  }
}

/** What the page fills in must work when it is sent as it stands, so optional filters are left empty. */
export function withExamples(document: OpenAPIObject, today: Date, provider?: string): OpenAPIObject {
  const values = exampleValues(today, provider);
  const copy = structuredClone(document);
  for (const { parameters = [] } of operationsOf(copy)) {
    for (const parameter of parameters) {
      if ('$ref' in parameter) continue;
      if (!parameter.required) removeExample(parameter);
      else if (values[parameter.name]) parameter.example = values[parameter.name];
    }
  }
  for (const schema of Object.values(copy.components?.schemas ?? {})) {
    if ('properties' in schema) exemplify(schema.properties ?? {}, values);
  }
  return copy;
}

function exampleValues(today: Date, provider?: string): Examples {
  const { start, end } = exampleDates(today);
  return {
    user_id: EXAMPLE_USER_ID,
    start_time: start,
    start_date: start,
    end_time: end,
    end_date: end,
    ...(provider && { provider, last_synced_provider: provider, file: `${provider}.svg` }),
  };
}

/** Its slug; of those that the registry knows, which is none before the app is started. */
const firstProvider = (app: NestFastifyApplication): string | undefined =>
  app.get(ProviderRegistry).all().at(0)?.definition.slug;

function removeExample(parameter: { example?: unknown; schema?: object }): void {
  delete parameter.example;
  if (parameter.schema) delete (parameter.schema as { example?: unknown }).example;
}

function exemplify(
  properties: Record<string, object>,
  { user_id, provider, last_synced_provider }: Examples,
): void {
  for (const [name, example] of Object.entries({ user_id, provider, last_synced_provider })) {
    const property = properties[name] as { type?: string; example?: unknown } | undefined;
    if (property?.type === 'string' && example !== undefined) property.example = example;
  }
}

const operationsOf = ({ paths }: OpenAPIObject): Operation[] => Object.values(paths).flatMap(operationsAt);

const operationsAt = (path: OpenAPIObject['paths'][string]): Operation[] =>
  METHODS.flatMap((method) => path[method] ?? []);
