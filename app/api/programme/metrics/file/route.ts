export { readMetricsFile as GET } from '@/lib/http/routes/metrics-routes';
