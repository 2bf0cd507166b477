export { readSymbolState as GET } from '@/lib/http/routes/symbol-routes';
