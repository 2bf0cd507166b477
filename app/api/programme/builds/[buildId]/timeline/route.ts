export { readBuildTimeline as GET } from '@/lib/http/routes/programme-routes';
