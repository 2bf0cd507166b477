export { compareProgrammeFile as POST } from '@/lib/http/routes/file-routes';
