package dev.sluice.model;

/**
 * The name of a model service, unique in one controller.
 *
 * @param value a DNS label: 1..63 of lower-case letters, digits and inner hyphens
 */
public record ServiceName(String value) implements Comparable<ServiceName> {
  public ServiceName {
    Names.requireLabel("service", value);
  }

  @Override
  public int compareTo(ServiceName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
