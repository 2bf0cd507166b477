export { readExportFile as GET } from '@/lib/http/routes/hand-over-routes';
