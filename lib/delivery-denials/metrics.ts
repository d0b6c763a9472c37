/** Counted by the state machine that follows denials up. */
export const denialMetrics = {
  /** KMS refused a key to a real delivery. */
  denied: 'DeliveryDenials',
  /** Those of them whose customer was not found. */
  ofUnknown: 'DeliveryDenialsOfUnknown',
  /** STS refused the delivery role. */
  roleDenied: 'DeliveryRoleDenials',
} as const;
