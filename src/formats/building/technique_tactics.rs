//! The tactic of each technique of ATT&CK for Enterprise, version 18.1, by its number; numbers that ATT&CK has
//! replaced are among them, because products go on sending them. A technique of several tactics has the earliest of
//! the kill chain.
//!
//! MITRE ATT&CK(R): (c) 2025 The MITRE Corporation. This work is reproduced and distributed with the permission of The
//! MITRE Corporation. Source: <https://attack.mitre.org>.

/// The tactic of a technique such as "T1003" or "T1003.001".
pub(crate) fn tactic_of(technique: &str) -> Option<&'static str> {
    let digits = technique.strip_prefix('T')?.get(..4)?;
    let number = digits.parse::<u16>().ok()?;
    TACTICS.iter().find(|(_, numbers)| numbers.binary_search(&number).is_ok()).map(|(tactic, _)| *tactic)
}

/// The tactic of the first technique that has one.
pub(crate) fn tactic_of_first(techniques: &[String]) -> Option<&'static str> {
    techniques.iter().find_map(|technique| tactic_of(technique))
}

/// Tactics with the numbers of their techniques, ascending.
#[rustfmt::skip]
const TACTICS: [(&str, &[u16]); 14] = [
    ("Reconnaissance", &[
        1589, 1590, 1591, 1592, 1593, 1594, 1595, 1596, 1597, 1598, 1681,
    ]),
    ("ResourceDevelopment", &[
        1583, 1584, 1585, 1586, 1587, 1588, 1608, 1650,
    ]),
    ("InitialAccess", &[
        1078, 1091, 1133, 1189, 1190, 1192, 1193, 1194, 1195, 1199, 1200, 1566, 1659, 1669,
    ]),
    ("Execution", &[
        1028, 1035, 1047, 1053, 1059, 1061, 1064, 1072, 1085, 1086, 1106, 1117, 1118, 1121, 1129, 1151, 1152, 1153,
        1154, 1155, 1168, 1170, 1173, 1175, 1177, 1191, 1196, 1203, 1204, 1223, 1559, 1569, 1609, 1610, 1648, 1651,
        1674, 1675, 1677,
    ]),
    ("Persistence", &[
        1004, 1013, 1015, 1019, 1023, 1031, 1034, 1037, 1038, 1042, 1044, 1050, 1058, 1060, 1062, 1067, 1084, 1098,
        1100, 1101, 1103, 1108, 1109, 1112, 1122, 1128, 1131, 1136, 1137, 1138, 1150, 1156, 1157, 1158, 1159, 1160,
        1161, 1162, 1163, 1164, 1165, 1166, 1176, 1179, 1180, 1182, 1183, 1197, 1198, 1205, 1209, 1215, 1501, 1504,
        1505, 1519, 1525, 1542, 1543, 1546, 1547, 1554, 1556, 1574, 1653, 1668, 1671,
    ]),
    ("PrivilegeEscalation", &[
        1055, 1068, 1088, 1134, 1169, 1178, 1181, 1206, 1484, 1502, 1514, 1548, 1611,
    ]),
    ("DefenseEvasion", &[
        1006, 1009, 1014, 1027, 1036, 1045, 1054, 1066, 1070, 1073, 1089, 1093, 1096, 1099, 1107, 1116, 1126, 1127,
        1130, 1140, 1143, 1144, 1146, 1147, 1148, 1149, 1186, 1202, 1207, 1211, 1216, 1218, 1220, 1221, 1222, 1480,
        1497, 1500, 1506, 1527, 1535, 1536, 1550, 1553, 1562, 1564, 1578, 1599, 1600, 1601, 1612, 1620, 1622, 1647,
        1656, 1666, 1672, 1678, 1679,
    ]),
    ("CredentialAccess", &[
        1003, 1040, 1056, 1081, 1110, 1111, 1139, 1141, 1142, 1145, 1167, 1171, 1174, 1187, 1208, 1212, 1214, 1503,
        1522, 1528, 1539, 1552, 1555, 1557, 1558, 1606, 1621, 1649,
    ]),
    ("Discovery", &[
        1007, 1010, 1012, 1016, 1018, 1033, 1046, 1049, 1057, 1063, 1069, 1082, 1083, 1087, 1120, 1124, 1135, 1201,
        1217, 1482, 1518, 1526, 1538, 1580, 1613, 1614, 1615, 1619, 1652, 1654, 1673, 1680,
    ]),
    ("LateralMovement", &[
        1017, 1021, 1051, 1075, 1076, 1077, 1080, 1097, 1184, 1210, 1534, 1563, 1570,
    ]),
    ("Collection", &[
        1005, 1025, 1039, 1074, 1113, 1114, 1115, 1119, 1123, 1125, 1185, 1213, 1530, 1560, 1602,
    ]),
    ("CommandAndControl", &[
        1001, 1008, 1024, 1026, 1032, 1043, 1065, 1071, 1079, 1090, 1092, 1094, 1095, 1102, 1104, 1105, 1132, 1172,
        1188, 1219, 1483, 1568, 1571, 1572, 1573, 1665,
    ]),
    ("Exfiltration", &[
        1002, 1011, 1020, 1022, 1029, 1030, 1041, 1048, 1052, 1537, 1567,
    ]),
    ("Impact", &[
        1485, 1486, 1487, 1488, 1489, 1490, 1491, 1492, 1493, 1494, 1495, 1496, 1498, 1499, 1529, 1531, 1561, 1565,
        1657, 1667,
    ]),
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::formats::building::attack::tactic;

    #[test]
    fn a_technique_has_the_earliest_of_its_tactics() {
        for (technique, tactic) in [
            ("T1003", "CredentialAccess"),
            ("T1003.001", "CredentialAccess"),
            ("T1078.004", "InitialAccess"),
            ("T1059.001", "Execution"),
            ("T1053", "Execution"),
            ("T1086", "Execution"),
            ("T1486", "Impact"),
        ] {
            assert_eq!(tactic_of(technique), Some(tactic), "{technique}");
        }
        assert_eq!(tactic_of("T9999"), None);
        assert_eq!(tactic_of("TA0001"), None);
        assert_eq!(tactic_of(""), None);
    }

    #[test]
    fn the_numbers_ascend_and_the_tactics_are_those_of_attack() {
        for (name, numbers) in TACTICS {
            assert!(numbers.is_sorted(), "{name}");
            assert_eq!(tactic(name), Some(name));
        }
    }
}
