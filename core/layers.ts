import type { Layer } from './vocabulary.ts';

/** What there is to know of a layer. */
interface LayerRow {
  /** A policy decides on permissions; a setting refuses a request although every policy may allow it. */
  readonly is: 'policy' | 'setting';
  /** Whose account has it: the caller's, or the resource's. */
  readonly of: 'caller' | 'resource';
  /** Set where it goes with the one resource, and not with its whole account. */
  readonly isOwn?: true;
}

/** One row for each layer: tables over layers derive from it. */
const rows: Readonly<Record<Layer, LayerRow>> = {
  'identity-policy': { is: 'policy', of: 'caller' },
  'permissions-boundary': { is: 'policy', of: 'caller' },
  'session-policy': { is: 'policy', of: 'caller' },
  'role-trust-policy': { is: 'policy', of: 'resource' },
  'service-control-policy': { is: 'policy', of: 'caller' },
  'resource-control-policy': { is: 'policy', of: 'resource' },
  'vpc-endpoint-policy': { is: 'policy', of: 'caller' },
  'bucket-policy': { is: 'policy', of: 'resource', isOwn: true },
  'block-public-access': { is: 'policy', of: 'resource', isOwn: true },
  'object-ownership': { is: 'setting', of: 'resource', isOwn: true },
  'key-policy': { is: 'policy', of: 'resource', isOwn: true },
  'key-grant': { is: 'policy', of: 'resource', isOwn: true },
  'key-state': { is: 'setting', of: 'resource', isOwn: true },
  'bucket-owner': { is: 'setting', of: 'resource', isOwn: true },
  'bucket-missing': { is: 'setting', of: 'resource', isOwn: true },
  'key-missing': { is: 'setting', of: 'resource', isOwn: true },
  'plain-http': { is: 'setting', of: 'caller' },
  region: { is: 'setting', of: 'resource', isOwn: true },
};

/** A bucket, a key or a Region that is not as it must be: one fault, whatever was tried. */
export function isSettingLayer(layer: Layer | undefined): boolean {
  return layer !== undefined && rows[layer].is === 'setting';
}

/** Whether the account of the resource has it, so that its owner changes it. */
export function isOfResource(layer: Layer): boolean {
  return rows[layer].of === 'resource';
}

/** Whether a resource that is not there has none of it. */
export function isOwnOfResource(layer: Layer): boolean {
  return rows[layer].isOwn === true;
}
