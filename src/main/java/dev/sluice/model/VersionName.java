package dev.sluice.model;

/**
 * The name of a model version, unique in one controller; never used again for another artifact set.
 *
 * @param value a DNS label: 1..63 of lower-case letters, digits and inner hyphens
 */
public record VersionName(String value) implements Comparable<VersionName> {
  public VersionName {
    Names.requireLabel("version", value);
  }

  @Override
  public int compareTo(VersionName other) {
    return value.compareTo(other.value);
  }

  @Override
  public String toString() {
    return value;
  }
}
