/** The two devices of a person, as every item names them. */
export const RING = {
  provider: 'ultrahuman',
  source: null,
  device: 'ring_air',
  device_type: 'ring',
  device_name: 'Ultrahuman Ring Air',
};

export const GLUCOSE_SENSOR = {
  provider: 'ultrahuman',
  source: null,
  device: 'cgm',
  device_type: 'other',
  device_name: 'Ultrahuman CGM',
};
