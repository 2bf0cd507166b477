export { readProgrammeFile as POST } from '@/lib/http/routes/file-routes';
