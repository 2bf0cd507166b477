export { readRuleMatches as GET } from '@/lib/http/routes/rule-routes';
