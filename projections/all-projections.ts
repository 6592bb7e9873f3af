import type { Projection } from "./document.ts";
import { ordersFoundBy, ordersProjection } from "./orders.ts";
import type { PersonalSearch } from "./personal-search.ts";
import { productsProjection } from "./products.ts";

/** Every projection that has a runner, and that can be rebuilt, therefore. */
export const allProjections: readonly Projection[] = [ordersProjection, productsProjection];

/** The same projection with its rows found by what is personal too: without it they are not. */
export function withPersonalSearch(projection: Projection, personal: PersonalSearch): Projection {
  return projection.name === ordersProjection.name ? ordersFoundBy(personal) : projection;
}
