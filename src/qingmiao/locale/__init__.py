"""The words of the screens in both languages: .po files beside this, compiled without system tools."""
