import { describe, expect, it } from 'vitest';
import { functionOf } from '@/lib/crash/normalise';

describe('the function that a symbol belongs to', () => {
  it.each([
    // Swift
    ['BerthStore.persist(_:)', 'BerthStore.persist'],
    ['static BerthStore.persist<A>(_: A) -> Swift.Int', 'static BerthStore.persist<T>'],
    ['closure #2 (Swift.Int) -> () in closure #1 in BerthStore.enqueue(_:)', 'BerthStore.enqueue'],
    ['implicit closure #1 in Berth.name.getter', 'Berth.name.getter'],
    ['partial apply for closure #1 in BerthStore.enqueue(_:)', 'BerthStore.enqueue'],
    ['specialized Array<A>.append(_:)', 'Array<T>.append'],
    ['merged specialized Berth.name.setter', 'Berth.name.setter'],
    ['@objc BoardController.viewDidLoad()', 'BoardController.viewDidLoad'],
    ['(1) await resume partial function for BerthStore.load()', 'BerthStore.load'],
    ['(2) suspend resume partial function for closure #1 in BerthStore.load()', 'BerthStore.load'],
    ['protocol witness for Mooring.tie(_:) in conformance Berth', 'Berth.tie'],
    ['Berth.name.getter : Swift.String', 'Berth.name.getter'],
    ['Berth.(hidden in _0123456789ABCDEF0123456789ABCDEF)()', 'Berth.hidden'],
    ['(extension in Harbour):Swift.Array.second.getter', 'Swift.Array.second.getter'],
    ['helper #1 (x:) in BerthStore.load()', 'BerthStore.load.helper'],
    ['closure #1 in helper #1 (x:) in BerthStore.load()', 'BerthStore.load.helper'],
    ['static Berth.< infix(_:_:)', 'static Berth.‹ infix'],
    ['Berth.moor() async throws -> ()', 'Berth.moor'],
    ['default argument 1 of Berth.init(name:size:)', 'Berth.init'],
    ['Berth.moor().cold.1', 'Berth.moor'],
    // mangled
    ['$s7Harbour10BerthStoreC7persistyySSF', 'BerthStore.persist'],
    ['$s7Harbour10BerthStoreC7persistyySSFTY0_', 'BerthStore.persist'],
    ['$s7Harbour10BerthStoreC7persistyySSFyycfU_', 'BerthStore.persist'],
    ['$s7Harbour10BerthStoreC7persistyySSFyycfU_TA', 'BerthStore.persist'],
    ['$s7Harbour10BerthStoreC7persistyySSFTo', 'BerthStore.persist'],
    ['$s7Harbour10BerthStoreC7persistyySSF.cold.1', 'BerthStore.persist'],
    ['__$s7Harbour10BerthStoreC7persistyySSF_block_invoke', 'BerthStore.persist'],
    // Objective-C and C
    ['-[Cache itemAt:]', '-[Cache itemAt:]'],
    ['+[NSObject(Extra) make:with:]', '+[NSObject(Extra) make:with:]'],
    ['__20-[Cache load:with:]_block_invoke', '-[Cache load:with:]'],
    ['__20-[Cache load:with:]_block_invoke_2.cold.1', '-[Cache load:with:]'],
    ['__pump_block_invoke', 'pump'],
    ['__41-[Cache load:with:]_block_invoke_block_invoke', '-[Cache load:with:]'],
    ['pump.llvm.1234567890', 'pump'],
    // C++ and Rust
    ['harbour::Berth::moor(int, char const*)', 'harbour::Berth::moor'],
    ['void harbour::each<std::vector<int>, 2ul>(std::vector<int>&)', 'harbour::each<T>'],
    ['std::__1::map<int, Berth>::operator[](int const&)', 'std::__1::map<T>::operator⟦⟧'],
    ['harbour::Berth::moor(int)::$_0::operator()() const', 'harbour::Berth::moor'],
    ["harbour::run()::'lambda'(int)::operator()(int) const", 'harbour::run'],
    ['harbour::(anonymous namespace)::pump()', 'harbour::{anonymous}::pump'],
    ['invocation function for block in harbour::pump()', 'harbour::pump'],
    ['non-virtual thunk to harbour::Berth::~Berth()', 'harbour::Berth::~Berth'],
    ['harbour::Berth::get() const &', 'harbour::Berth::get'],
    [
      'decltype(std::declval<void (*)()>()()) std::__1::__invoke[abi:ne200100]<void (*)()>(void (*&&)())',
      'std::__1::__invoke<T>',
    ],
    ['_ZN7harbour5Berth4moorEi', 'harbour::Berth::moor'],
    ['_ZN7harbour5BerthC1Ev', 'harbour::Berth::Berth'],
    ['core::panicking::panic::h0123456789abcdef', 'core::panicking::panic'],
  ])('%s', (symbol, name) => {
    expect(functionOf(symbol)).toBe(name);
  });

  it.each([
    'outlined consume of Berth?',
    'OUTLINED_FUNCTION_12',
    'thunk for @escaping @callee_guaranteed () -> ()',
    '<redacted>',
    '???',
  ])('of %s is nobody’s', (symbol) => {
    expect(functionOf(symbol)).toBeNull();
  });

  it('leaves the module’s name away', () => {
    expect(functionOf('Harbour.Berth.moor() -> ()', 'Harbour')).toBe('Berth.moor');
    expect(functionOf('Harbour', 'Harbour')).toBe('Harbour');
  });
});
