export { readSymbols as GET, sendSymbols as POST } from '@/lib/http/routes/symbol-routes';
