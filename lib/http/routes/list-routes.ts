import { listFacet, listNeighbours, listTotal } from '@/lib/services/lists';
import { type EndpointCall, endpoint } from '../core/endpoint';

/** Who stands before and after a row: the list's own parameters, and `inApp` where a row stands in several apps. */
export const readNeighbours = endpoint({
  name: 'lists/neighbours',
  async run(call) {
    const { parameters, own } = parted(call, ['inApp']);
    const appId = own.inApp === undefined ? {} : { appId: own.inApp };
    const asked = { type: call.params.type ?? '', id: call.params.id ?? '', ...appId };
    return {
      body: { data: await listNeighbours(call.ctx, { ...asked, parameters, accountId: call.account }) },
    };
  },
});

/** How many rows a list holds: the list's own parameters. */
export const readTotal = endpoint({
  name: 'lists/total',
  async run(call) {
    const { parameters } = parted(call, []);
    const asked = { type: call.params.type ?? '', parameters, accountId: call.account };
    return { body: { data: { total: await listTotal(call.ctx, asked) } } };
  },
});

/** The values of a filter that occur: the list's own parameters, and `typed` to find more of them. */
export const readFacet = endpoint({
  name: 'lists/facets',
  async run(call) {
    const { parameters, own } = parted(call, ['typed']);
    const asked = { type: call.params.type ?? '', field: call.params.field ?? '', typed: own.typed ?? '' };
    return { body: { data: await listFacet(call.ctx, { ...asked, parameters, accountId: call.account }) } };
  },
});

function parted({ query }: EndpointCall, names: readonly string[]) {
  const parameters = new URLSearchParams(query);
  parameters.delete('account');
  const own: Record<string, string> = {};
  for (const name of names) {
    const value = parameters.get(name);
    if (value) own[name] = value;
    parameters.delete(name);
  }
  return { parameters, own };
}
