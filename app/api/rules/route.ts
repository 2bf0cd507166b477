export {
  createRule as POST,
  readRules as GET,
  reorderRules as PUT,
} from '@/lib/http/routes/rule-routes';
