export { deleteToken as DELETE } from '@/lib/http/routes/tokens-route';
