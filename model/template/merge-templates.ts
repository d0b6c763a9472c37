import type { MapEntry, MapNode, TemplateNode } from './node.ts';
import { entry, plain, textOf } from './read-value.ts';
import { decisiveTypes } from './resource-types/resource-type.ts';
import { refuse } from './template-error.ts';

const named = ['Conditions', 'Mappings', 'Outputs', 'Parameters', 'Resources', 'Rules'] as const;

/**
 * Merges stacks of one account that a delivery uses together into one template. Exports of one are values in another,
 * and parameters with the same name have the same value.
 *
 * @param others each keeps the positions of its values in its own file
 * @throws TemplateError if two declare a bucket, key or policy, a condition or a mapping with the same name
 */
export function mergedTemplate(first: MapNode, others: readonly MapNode[]): MapNode {
  const entries = new Map(first.entries);
  for (const other of others) {
    for (const [section, { origin, value }] of other.entries) {
      const present = entries.get(section);
      if (!present) entries.set(section, { origin, value });
      else if (named.some((name) => name === section)) {
        entries.set(section, { ...present, value: mergedSection(section, present.value, value) });
      } else if (section === 'Transform') {
        const items = [present.value, value].flatMap((node) => (node.kind === 'list' ? node.items : [node]));
        entries.set(section, { ...present, value: { kind: 'list', items, origin: present.value.origin } });
      }
    }
  }
  return { ...first, entries };
}

function mergedSection(section: string, present: TemplateNode, added: TemplateNode): TemplateNode {
  if (present.kind !== 'map' || added.kind !== 'map') return present;
  const entries = new Map<string, MapEntry>(present.entries);
  for (const [name, one] of added.entries) {
    const other = entries.get(name);
    if (other) refuseDifferent(section, other.value, one);
    else entries.set(name, one);
  }
  return { ...present, entries };
}

/** Many templates may have unrelated resources with the same name, such as those that the CDK adds to each. */
function refuseDifferent(section: string, present: TemplateNode, { value, origin }: MapEntry): void {
  const isDecisive =
    section === 'Resources' && [present, value].some((node) => decisiveTypes.has(textOf(entry(node, 'Type')) ?? ''));
  const matters = isDecisive || section === 'Conditions' || section === 'Mappings';
  if (!matters || written(present) === written(value)) return;
  refuse(
    origin,
    `is in ${present.origin.source.file} too, and is not the same there. Give one of the templates, and the policies of the other by themselves.`,
  );
}

function written(node: TemplateNode): string {
  return JSON.stringify(plain(node, ({ text }) => text));
}
