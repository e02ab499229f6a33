/**
 * The contracts of the shop: `.proto` files that all members share.
 *
 * @module
 */

/** Files by path below the workspace. */
export const PROTO_FILES: Readonly<Record<string, string>> = {
  "proto/shop/item.proto": `syntax = "proto3";

package shop;

// What can be bought.
message Item {
  string sku = 1;
  string name = 2;
  // In cents.
  int32 price = 3;
}
`,
  "proto/shop/stock.proto": `syntax = "proto3";

package shop;

import "google/api/annotations.proto";
import "shop/item.proto";

message GetItemRequest {
  string sku = 1;
}

message GetItemResponse {
  Item item = 1;
  // How many there are.
  int32 left = 2;
}

message ReserveRequest {
  string sku = 1;
  int32 count = 2;
}

message ReserveResponse {
  Item item = 1;
}

// Knows what there is.
service Stock {
  // Tells what there is of an item.
  rpc GetItem(GetItemRequest) returns (GetItemResponse) {
    option (google.api.http).get = "/items/{sku}";
  }
  // Sets some of an item aside. Without an annotation it is for other services alone.
  rpc Reserve(ReserveRequest) returns (ReserveResponse);
}
`,
  "proto/shop/order.proto": `syntax = "proto3";

package shop;

import "google/api/annotations.proto";
import "shop/item.proto";

message PlaceOrderRequest {
  string sku = 1;
  int32 count = 2;
}

message GetOrderRequest {
  string id = 1;
}

message Order {
  string id = 1;
  Item item = 2;
  int32 count = 3;
  // In cents.
  int32 total = 4;
}

// Takes orders.
service Orders {
  // Orders some of an item, if there is enough of it.
  rpc PlaceOrder(PlaceOrderRequest) returns (Order) {
    option (google.api.http) = {
      post: "/orders"
      body: "*"
    };
  }
  // Finds an order.
  rpc GetOrder(GetOrderRequest) returns (Order) {
    option (google.api.http).get = "/orders/{id}";
  }
}
`,
};
