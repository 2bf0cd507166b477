export { readIssueMarkdown as GET } from '@/lib/http/routes/hand-over-routes';
