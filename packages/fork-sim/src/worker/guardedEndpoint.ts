import type { Endpoint } from 'comlink';
import { WIRE_METHODS } from './protocol.ts';

/** Kinds of values that comlink packs: itself, or a port. */
const VALUE_TYPES: ReadonlySet<unknown> = new Set(['RAW', 'HANDLER']);

/**
 * An endpoint that lets only messages through that mean something here. Anything else would be an error that nobody catches, and
 * the end of the worker: it is answered with an error where it can be answered, and dropped where not.
 */
export function guardedEndpoint(endpoint: Endpoint): Endpoint {
  const wrapped = new WeakMap<EventListenerOrEventListenerObject, EventListener>();
  return {
    postMessage: (message, transfer) => endpoint.postMessage(message, transfer ?? []),
    addEventListener: (type, listener, options) => {
      const guard: EventListener = (event) => {
        const problem = problemOf((event as MessageEvent).data);
        if (problem === null) {
          if (typeof listener === 'function') listener(event);
          else listener.handleEvent(event);
          return;
        }
        const id = idOf((event as MessageEvent).data);
        if (id === null) return;
        const value = { isError: true, value: { name: 'ProtocolError', message: problem } };
        endpoint.postMessage({ id, type: 'HANDLER', name: 'throw', value });
      };
      wrapped.set(listener, guard);
      endpoint.addEventListener(type, guard, options);
    },
    removeEventListener: (type, listener, options) => {
      endpoint.removeEventListener(type, wrapped.get(listener) ?? listener, options);
    },
    ...(endpoint.start === undefined ? {} : { start: endpoint.start.bind(endpoint) }),
  };
}

function idOf(message: unknown): string | null {
  const id = typeof message === 'object' && message !== null ? (message as { id?: unknown }).id : null;
  return typeof id === 'string' ? id : null;
}

/** What is wrong with a message; `null`: nothing. */
function problemOf(message: unknown): string | null {
  if (typeof message !== 'object' || message === null) return 'a message is an object';
  const { type, path, argumentList } = message as { type?: unknown; path?: unknown; argumentList?: unknown };
  if (idOf(message) === null) return 'a message has an id';
  if (type === 'RELEASE') return null;
  if (type !== 'APPLY') return 'only calls are understood';
  const [method, ...rest] = Array.isArray(path) ? path : [];
  if (typeof method !== 'string' || rest.length > 0 || !WIRE_METHODS.has(method)) return 'no such call';
  return Array.isArray(argumentList) && argumentList.every(isValue) ? null : 'arguments that are none';
}

function isValue(value: unknown): boolean {
  if (typeof value !== 'object' || value === null) return false;
  const { type, name, value: inner } = value as { type?: unknown; name?: unknown; value?: unknown };
  if (!VALUE_TYPES.has(type)) return false;
  return type === 'RAW' || (name === 'proxy' && inner instanceof MessagePort);
}
