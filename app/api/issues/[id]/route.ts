export { readIssue as GET } from '@/lib/http/routes/crash-routes';
