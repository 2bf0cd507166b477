export { readReportMarkdown as GET } from '@/lib/http/routes/hand-over-routes';
