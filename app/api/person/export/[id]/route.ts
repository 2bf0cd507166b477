export { readPersonExportFile as GET } from '@/lib/http/routes/person-routes';
