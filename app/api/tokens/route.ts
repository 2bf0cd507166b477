export { createToken as POST, readTokens as GET } from '@/lib/http/routes/tokens-route';
