import { applyRule, ruleMatches } from '@/lib/services/feedback/apply-rules';
import {
  addRule,
  changeRule,
  listRules,
  orderRules,
  removeRule,
  ruleApplyBody,
  ruleBody,
  ruleOrderBody,
} from '@/lib/services/feedback/rules';
import { endpoint } from '../core/endpoint';

export const readRules = endpoint({
  name: 'rules',
  permission: 'settings:read',
  run: async ({ ctx }) => ({ body: { data: await listRules(ctx) } }),
});

export const createRule = endpoint({
  name: 'rules',
  permission: 'settings:write',
  body: ruleBody,
  run: async ({ ctx, body }) => ({ status: 201, body: { data: await addRule(ctx, body) } }),
});

/** Puts the rules in another order. */
export const reorderRules = endpoint({
  name: 'rules',
  permission: 'settings:write',
  body: ruleOrderBody,
  run: async ({ ctx, body }) => ({ body: { data: await orderRules(ctx, body) } }),
});

export const editRule = endpoint({
  name: 'rules',
  permission: 'settings:write',
  body: ruleBody,
  run: async ({ ctx, params, body }) => ({ body: { data: await changeRule(ctx, params.id ?? '', body) } }),
});

export const deleteRule = endpoint({
  name: 'rules',
  permission: 'settings:write',
  async run({ ctx, params }) {
    await removeRule(ctx, params.id ?? '');
    return { status: 204 };
  },
});

/** What each rule would do with what is open now. */
export const readRuleMatches = endpoint({
  name: 'rules/matches',
  permission: 'settings:read',
  run: async ({ ctx }) => ({ body: { data: await ruleMatches(ctx) } }),
});

/** Lets a rule do what it does with all that is open now. */
export const runRule = endpoint({
  name: 'rules/apply',
  permission: 'feedback:write',
  body: ruleApplyBody,
  run: async ({ ctx, params, body }) => ({
    body: { data: await applyRule(ctx, params.id ?? '', body.version) },
  }),
});
