import { createContext } from "preact";
import { useContext, useEffect, useState } from "preact/hooks";
import { Store, type Slice } from "./store";

export const StoreContext = createContext(new Store());

/** The store, for a component that is rendered again when one of the slices changes. */
export function useSlice(...slices: readonly Slice[]): Store {
  const store = useContext(StoreContext);
  const [, setVersion] = useState(0);
  useEffect(() => {
    const ends = slices.map((slice) => store.subscribe(slice, () => setVersion((version) => version + 1)));
    return () => ends.forEach((end) => end());
  }, [store]);
  return store;
}
