export { changeTeam as PATCH, inviteToTeam as POST, readTeam as GET } from '@/lib/http/routes/team-route';
