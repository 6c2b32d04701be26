"""Reports: what folders of output say, on one page of HTML that stands alone."""
