// Written by `npm run console:types` from schema.graphql: change that, not this.
import type { Command } from "../commands/command.ts";

export const commands: readonly Command[] = [
  {
    "command": "AddOrderItem",
    "mutation": "addOrderItem",
    "entity": "order",
    "creates": false,
    "description": "Adds a line at today's price, as long as the order is not being paid.",
    "fields": [
      {
        "name": "quantity",
        "type": "Int",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "sku",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "AdjustStock",
    "mutation": "adjustStock",
    "entity": "product",
    "creates": false,
    "description": "Adds or takes away units that are on hand.",
    "fields": [
      {
        "name": "delta",
        "type": "Int",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "ApproveReturn",
    "mutation": "approveReturn",
    "entity": "order",
    "creates": false,
    "description": "Lets requested units come back.",
    "fields": [
      {
        "name": "returnId",
        "type": "UUID",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "ArchiveProduct",
    "mutation": "archiveProduct",
    "entity": "product",
    "creates": false,
    "description": "Puts a discontinued product away once no order holds any of it.",
    "fields": []
  },
  {
    "command": "CancelOrder",
    "mutation": "cancelOrder",
    "entity": "order",
    "creates": false,
    "description": "Cancels the order before anything is shipped, or units of it that are not.",
    "fields": [
      {
        "name": "lines",
        "type": "LineUnitsInput",
        "isRequired": false,
        "isList": true,
        "of": [
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "note",
        "type": "String",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "reason",
        "type": "CancelReason",
        "isRequired": true,
        "isList": false,
        "values": [
          "CUSTOMER",
          "FRAUD",
          "INVENTORY",
          "OTHER",
          "PAYMENT",
          "STAFF"
        ]
      }
    ]
  },
  {
    "command": "CategoriseProduct",
    "mutation": "categoriseProduct",
    "entity": "product",
    "creates": false,
    "description": "Puts the product into another category.",
    "fields": [
      {
        "name": "category",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "ChangePrice",
    "mutation": "changePrice",
    "entity": "product",
    "creates": false,
    "description": "Sets the price of orders from now on; the currency stays.",
    "fields": [
      {
        "name": "price",
        "type": "MoneyInput",
        "isRequired": true,
        "isList": false,
        "of": [
          {
            "name": "currency",
            "type": "String",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "minor",
            "type": "SafeInt",
            "isRequired": true,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "ConfirmDelivery",
    "mutation": "confirmDelivery",
    "entity": "order",
    "creates": false,
    "description": "Says that units have arrived, or, when none are named, all that are shipped.",
    "fields": [
      {
        "name": "lines",
        "type": "LineUnitsInput",
        "isRequired": false,
        "isList": true,
        "of": [
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "DeclineReturn",
    "mutation": "declineReturn",
    "entity": "order",
    "creates": false,
    "description": "Refuses to take requested units back.",
    "fields": [
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "returnId",
        "type": "UUID",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "DiscontinueProduct",
    "mutation": "discontinueProduct",
    "entity": "product",
    "creates": false,
    "description": "Takes the product off sale for good; what is reserved can still be bought.",
    "fields": [
      {
        "name": "reason",
        "type": "String",
        "isRequired": false,
        "isList": false
      }
    ]
  },
  {
    "command": "HoldOrder",
    "mutation": "holdOrder",
    "entity": "order",
    "creates": false,
    "description": "Stops shipping until the hold is released.",
    "fields": [
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "ProcessPayment",
    "mutation": "processPayment",
    "entity": "order",
    "creates": false,
    "description": "Pays the order with a method of the payment provider.",
    "fields": [
      {
        "name": "paymentMethod",
        "type": "PaymentMethodInput",
        "isRequired": true,
        "isList": false,
        "of": [
          {
            "name": "kind",
            "type": "PaymentMethodKind",
            "isRequired": true,
            "isList": false,
            "values": [
              "BANK_TRANSFER",
              "CARD",
              "INVOICE",
              "WALLET"
            ]
          },
          {
            "name": "label",
            "type": "String",
            "isRequired": false,
            "isList": false
          },
          {
            "name": "token",
            "type": "String",
            "isRequired": true,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "PublishProduct",
    "mutation": "publishProduct",
    "entity": "product",
    "creates": false,
    "description": "Puts a draft or an unlisted product on sale.",
    "fields": []
  },
  {
    "command": "ReceiveReturn",
    "mutation": "receiveReturn",
    "entity": "order",
    "creates": false,
    "description": "Takes units of an approved return in: to be sold again, damaged or written off.",
    "fields": [
      {
        "name": "goods",
        "type": "ReturnedGoodsInput",
        "isRequired": true,
        "isList": true,
        "of": [
          {
            "name": "disposition",
            "type": "ReturnDisposition",
            "isRequired": true,
            "isList": false,
            "values": [
              "DAMAGED",
              "RESTOCK",
              "WRITTEN_OFF"
            ]
          },
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "returnId",
        "type": "UUID",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "RefundOrder",
    "mutation": "refundOrder",
    "entity": "order",
    "creates": false,
    "description": "Pays back an amount, units, or, when neither is named, all that is left.",
    "fields": [
      {
        "name": "amount",
        "type": "MoneyInput",
        "isRequired": false,
        "isList": false,
        "of": [
          {
            "name": "currency",
            "type": "String",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "minor",
            "type": "SafeInt",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "lines",
        "type": "LineUnitsInput",
        "isRequired": false,
        "isList": true,
        "of": [
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "ReleaseHold",
    "mutation": "releaseHold",
    "entity": "order",
    "creates": false,
    "description": "Lets the order be shipped again.",
    "fields": [
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "RemoveOrderItem",
    "mutation": "removeOrderItem",
    "entity": "order",
    "creates": false,
    "description": "Takes a line off the order; the last one stays, cancel the order instead.",
    "fields": [
      {
        "name": "lineId",
        "type": "UUID",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "RequestReturn",
    "mutation": "requestReturn",
    "entity": "order",
    "creates": false,
    "description": "Asks to send delivered units back.",
    "fields": [
      {
        "name": "lines",
        "type": "LineUnitsInput",
        "isRequired": true,
        "isList": true,
        "of": [
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "RetryRefund",
    "mutation": "retryRefund",
    "entity": "order",
    "creates": false,
    "description": "Asks again for a refund that the provider has refused.",
    "fields": [
      {
        "name": "refundId",
        "type": "UUID",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "SchedulePrice",
    "mutation": "schedulePrice",
    "entity": "product",
    "creates": false,
    "description": "Plans a price for a moment to come, in the place of one that is planned already.",
    "fields": [
      {
        "name": "effectiveAt",
        "type": "DateTime",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "price",
        "type": "MoneyInput",
        "isRequired": true,
        "isList": false,
        "of": [
          {
            "name": "currency",
            "type": "String",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "minor",
            "type": "SafeInt",
            "isRequired": true,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "SetStock",
    "mutation": "setStock",
    "entity": "product",
    "creates": false,
    "description": "Sets what a count has found, if stock is still what the counter started from.",
    "fields": [
      {
        "name": "changedFrom",
        "type": "Int",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "damaged",
        "type": "Int",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "onHand",
        "type": "Int",
        "isRequired": true,
        "isList": false
      },
      {
        "name": "reason",
        "type": "String",
        "isRequired": true,
        "isList": false
      }
    ]
  },
  {
    "command": "SetStockPolicy",
    "mutation": "setStockPolicy",
    "entity": "product",
    "creates": false,
    "description": "Says whether more may be sold than there is, up to what limit, and what is kept.",
    "fields": [
      {
        "name": "backorderLimit",
        "type": "Int",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "policy",
        "type": "StockPolicyKind",
        "isRequired": true,
        "isList": false,
        "values": [
          "BACKORDER",
          "DENY"
        ]
      },
      {
        "name": "safety",
        "type": "Int",
        "isRequired": false,
        "isList": false
      }
    ]
  },
  {
    "command": "ShipOrder",
    "mutation": "shipOrder",
    "entity": "order",
    "creates": false,
    "description": "Ships units, or, when none are named, all that are left.",
    "fields": [
      {
        "name": "lines",
        "type": "LineUnitsInput",
        "isRequired": false,
        "isList": true,
        "of": [
          {
            "name": "lineId",
            "type": "UUID",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "quantity",
            "type": "Int",
            "isRequired": true,
            "isList": false
          }
        ]
      },
      {
        "name": "tracking",
        "type": "TrackingInput",
        "isRequired": false,
        "isList": false,
        "of": [
          {
            "name": "carrier",
            "type": "String",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "number",
            "type": "String",
            "isRequired": false,
            "isList": false
          },
          {
            "name": "url",
            "type": "String",
            "isRequired": false,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "UnarchiveProduct",
    "mutation": "unarchiveProduct",
    "entity": "product",
    "creates": false,
    "description": "Makes an archived product a draft again.",
    "fields": []
  },
  {
    "command": "UnlistProduct",
    "mutation": "unlistProduct",
    "entity": "product",
    "creates": false,
    "description": "Takes the product out of the catalogue; whoever knows its SKU can still order it.",
    "fields": []
  },
  {
    "command": "UpdateOrderStatus",
    "mutation": "updateOrderStatus",
    "entity": "order",
    "creates": false,
    "description": "Does what leads to a status: ships, delivers, cancels or refunds the whole order.",
    "fields": [
      {
        "name": "note",
        "type": "String",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "reason",
        "type": "CancelReason",
        "isRequired": false,
        "isList": false,
        "values": [
          "CUSTOMER",
          "FRAUD",
          "INVENTORY",
          "OTHER",
          "PAYMENT",
          "STAFF"
        ]
      },
      {
        "name": "status",
        "type": "OrderStatus",
        "isRequired": true,
        "isList": false,
        "values": [
          "CANCELLED",
          "CANCELLING",
          "CONFIRMED",
          "DELIVERED",
          "EXPIRED",
          "ON_HOLD",
          "PARTIALLY_DELIVERED",
          "PARTIALLY_RETURNED",
          "PARTIALLY_SHIPPED",
          "PENDING",
          "PROCESSING",
          "REFUNDED",
          "REJECTED",
          "RETURNED",
          "SHIPPED"
        ]
      },
      {
        "name": "tracking",
        "type": "TrackingInput",
        "isRequired": false,
        "isList": false,
        "of": [
          {
            "name": "carrier",
            "type": "String",
            "isRequired": true,
            "isList": false
          },
          {
            "name": "number",
            "type": "String",
            "isRequired": false,
            "isList": false
          },
          {
            "name": "url",
            "type": "String",
            "isRequired": false,
            "isList": false
          }
        ]
      }
    ]
  },
  {
    "command": "UpdateProduct",
    "mutation": "updateProduct",
    "entity": "product",
    "creates": false,
    "description": "Changes name, description or category; what is not given stays.",
    "fields": [
      {
        "name": "category",
        "type": "String",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "description",
        "type": "String",
        "isRequired": false,
        "isList": false
      },
      {
        "name": "name",
        "type": "String",
        "isRequired": false,
        "isList": false
      }
    ]
  },
  {
    "command": "UpdateShippingAddress",
    "mutation": "updateShippingAddress",
    "entity": "order",
    "creates": false,
    "description": "Sends the order elsewhere, as long as nothing is shipped.",
    "fields": [
      {
        "name": "personal",
        "type": "UpdateShippingAddressPersonalInput",
        "isRequired": true,
        "isList": false,
        "of": [
          {
            "name": "shippingAddress",
            "type": "AddressInput",
            "isRequired": true,
            "isList": false,
            "of": [
              {
                "name": "city",
                "type": "String",
                "isRequired": true,
                "isList": false
              },
              {
                "name": "company",
                "type": "String",
                "isRequired": false,
                "isList": false
              },
              {
                "name": "country",
                "type": "String",
                "isRequired": true,
                "isList": false
              },
              {
                "name": "line1",
                "type": "String",
                "isRequired": true,
                "isList": false
              },
              {
                "name": "line2",
                "type": "String",
                "isRequired": false,
                "isList": false
              },
              {
                "name": "name",
                "type": "String",
                "isRequired": true,
                "isList": false
              },
              {
                "name": "postalCode",
                "type": "String",
                "isRequired": false,
                "isList": false
              },
              {
                "name": "region",
                "type": "String",
                "isRequired": false,
                "isList": false
              }
            ]
          }
        ]
      }
    ]
  }
];
