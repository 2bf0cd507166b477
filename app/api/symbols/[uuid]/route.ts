export { deleteSymbols as DELETE } from '@/lib/http/routes/symbol-routes';
